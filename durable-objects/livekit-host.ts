/** LiveKit's API is HTTP at the address of its sockets. */
export const liveKitHost = (url: string): string => url.replace(/^ws/, 'http');
