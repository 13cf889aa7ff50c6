/** What a function does on a day. */
export function onDay<T>(day: string, run: () => T): T {
  const before = process.env.CDK8S_MESH_TODAY;
  process.env.CDK8S_MESH_TODAY = day;
  try {
    return run();
  } finally {
    if (before === undefined) delete process.env.CDK8S_MESH_TODAY;
    else process.env.CDK8S_MESH_TODAY = before;
  }
}
