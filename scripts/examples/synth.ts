import { resolve } from 'node:path';
import { stories } from './stories';
import { synthStory } from './synth-story';

const dist = resolve(process.env.CDK8S_OUTDIR ?? 'dist');

for (const story of stories()) synthStory(story, resolve(dist, story.name));
