/** What a programme has ready before anyone learns: an issuer, its assessors, a connected assessment tool. */
import type { ApiClient } from '../../local/api-client.ts';
import { type Connection, connectTool, registerAssessor, registerIssuer, sampleDefinition } from '../../local/main-job.ts';

export const ASSESSOR = { id: 'assessor-17', name: 'Inês Carvalho', email: 'ines@harbour-learning.example' } as const;
export const SECOND_ASSESSOR = { id: 'assessor-18', name: 'Bruno Keller', email: 'bruno@harbour-learning.example' } as const;

/** @returns the tool's connection, which may speak for the micro-credentials named */
export const staffed = async (client: ApiClient, microCredentials: readonly string[]): Promise<Connection> => {
  await registerIssuer(client, sampleDefinition('coaching-and-mentoring'), 'olu');
  await registerAssessor(client, ASSESSOR, 'dana');
  await registerAssessor(client, SECOND_ASSESSOR, 'dana');
  return connectTool(client, 'assessment-tool', { microCredentials, programme: 'dana' });
};
