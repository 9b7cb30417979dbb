/** A DynamoDB of its own process, to be killed: writes its address to stdout and serves until then. */
import { openDynamoDb } from '../../../local/aws/dynamodb/dynamodb.ts';
import { serve } from './harness.ts';

const folder = process.argv[2];
if (!folder) throw new Error('usage: server-process.ts FOLDER');
const { endpoint } = await serve(openDynamoDb({ folder }));
process.stdout.write(`${endpoint}\n`);
