/**
 * Raised when a message changes so that an older side would misread it. The browser and the agent host name theirs
 * when they connect; a socket whose version is not spoken any more is refused with `protocol_unsupported`.
 */
export const PROTOCOL_VERSION = 4;
