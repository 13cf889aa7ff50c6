export * from './calls';
export * from './connections';
export * from './hosts';
export * from './imports';
export * from './objects';
export * from './pods';
