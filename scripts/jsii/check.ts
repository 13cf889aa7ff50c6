import { doorExports } from '../door/exports';
import { jsiiAssembly } from './assembly';
import { missingTypes } from './missing-types';

const { types, errors } = jsiiAssembly();
const messages = errors === '' ? missingTypes(doorExports(), types) : [errors];
for (const message of messages) console.error(message);
if (messages.length > 0) process.exitCode = 1;
