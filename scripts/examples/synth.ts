import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { stories } from './stories';
import { synthStory } from './synth-story';

const dist = resolve(process.env.CDK8S_OUTDIR ?? 'dist');

// An example that is gone must leave nothing behind.
rmSync(dist, { recursive: true, force: true });
for (const story of stories()) synthStory(story, resolve(dist, story.name));
