import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { FanfareError } from '../../domain/errors.ts';
import { translateAwsError } from './aws-errors.ts';

/** RFC 7518 section 3.2: an HS256 key has at least 256 bits. */
const MIN_CHARACTERS = 32;

/** @throws FanfareError `unavailable` when it cannot be had just now, `internal` when it is missing or too short */
export const fetchSecret = async (client: SecretsManagerClient, arn: string): Promise<string> => {
  const secret = await readSecret(client, arn);
  if (secret.length >= MIN_CHARACTERS) return secret;
  throw new FanfareError('internal', `the secret ${arn} has fewer than ${MIN_CHARACTERS} characters`);
};

/** @throws FanfareError `unavailable` when it cannot be had just now, `internal` when it is missing */
const readSecret = async (client: SecretsManagerClient, arn: string): Promise<string> => {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: arn })).catch(error => {
    throw translateAwsError(error, `the secret ${arn}`);
  });
  return answer.SecretString ?? '';
};

/**
 * One that is a JSON object of texts. What is wrong with it is said without any of it.
 *
 * @throws FanfareError as above, and `internal` naming the member that it lacks
 */
export const fetchSecretFields = async <const Name extends string>(
  client: SecretsManagerClient,
  arn: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> => {
  const fields = parseFields(await readSecret(client, arn), arn);
  const lacking = names.filter(name => typeof fields[name] !== 'string' || fields[name] === '');
  if (lacking.length === 0) return fields as Readonly<Record<Name, string>>;
  throw new FanfareError('internal', `the secret ${arn} has no text ${lacking.join(', ')}`);
};

const parseFields = (text: string, arn: string): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>>;
  } catch {
    // A parser's message quotes what it could not read.
  }
  throw new FanfareError('internal', `the secret ${arn} is no JSON object`);
};
