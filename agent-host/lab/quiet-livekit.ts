/**
 * Import before `@livekit/rtc-node`, which logs every stream it ignores (twenty lines a second a call) unless
 * NODE_ENV is `production` when it is loaded.
 */
process.env.NODE_ENV ??= 'production';
