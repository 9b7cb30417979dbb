/** A process of its own around the stand-in, so that it can be killed and its memory be measured. Argument: the folder. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { startS3 } from './harness.ts';

const [folder = ''] = process.argv.slice(2);
const harness = await startS3({ folder });
harness.s3.createBucket('evidence', { notify: true });
// A listener that is durable and not quick, so that a kill finds events on their way.
harness.s3.onObjectCreated(async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  appendFileSync(join(folder, 'accepted.jsonl'), `${JSON.stringify(event)}\n`);
});
process.on('message', () => process.send?.({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.send?.({ endpoint: harness.endpoint });
