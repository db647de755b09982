/** Why a server closes a socket. An `error` message with the reason precedes each. */
export const closeCodes = {
  badFrame: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  noSuchProject: 4404,
  noHello: 4408,
  replaced: 4409,
  tooLarge: 4413,
  protocol: 4426,
  tooSlowOrFast: 4429,
  goingAway: 4503,
} as const;
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];
