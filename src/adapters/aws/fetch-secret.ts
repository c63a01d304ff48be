import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { FanfareError } from '../../domain/errors.ts';
import { translateAwsError } from './aws-errors.ts';

/** RFC 7518 section 3.2: an HS256 key has at least 256 bits. */
const MIN_CHARACTERS = 32;

/** @throws FanfareError `unavailable` when it cannot be had just now, `internal` when it is missing or too short */
export const fetchSecret = async (client: SecretsManagerClient, arn: string): Promise<string> => {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: arn })).catch(error => {
    throw translateAwsError(error, `the secret ${arn}`);
  });
  const secret = answer.SecretString ?? '';
  if (secret.length >= MIN_CHARACTERS) return secret;
  throw new FanfareError('internal', `the secret ${arn} has fewer than ${MIN_CHARACTERS} characters`);
};
