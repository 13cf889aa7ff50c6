/** What init containers of a service's pods do. */
export type InitCalls = 'callOthers' | 'callNobody';
