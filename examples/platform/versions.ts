/** The control plane that ran first, and the one that took its place. */
export const OLD = { version: '1.29.4', revision: '1-29-4' };
export const NEW = { version: '1.30.3', revision: '1-30-3' };
