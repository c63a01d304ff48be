import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetPlatformApplicationAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { PlatformApplications } from '../../src/adapters/aws/push/platform-applications.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { testUnless } from '../support/test-unless.ts';

const unavailable = whyNoLocalStack();
const ROLE = 'arn:aws:iam::000000000000:role/logging';
const TOPIC = 'arn:aws:sns:us-east-1:000000000000:failures';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const APPLE = {
  signingKey: privateKey,
  keyId: 'KEY1234567',
  teamId: 'TEAM123456',
  bundleId: 'com.example.app',
};
const GOOGLE = {
  type: 'service_account',
  project_id: 'example',
  private_key: privateKey,
  client_email: 'push@example.iam.gserviceaccount.com',
};

describe("SNS's ways to phones, as a deployment makes them", () => {
  let sns: SNSClient;
  let secrets: SecretsManagerClient;
  let applications: PlatformApplications;

  beforeAll(() => {
    if (unavailable !== undefined) return;
    const { config } = localStack();
    [sns, secrets] = [new SNSClient(config), new SecretsManagerClient(config)];
    applications = new PlatformApplications({ sns, secrets, principalOfGoogle: 'principal' });
  });
  afterAll(() => {
    sns?.destroy();
    secrets?.destroy();
  });

  const onAws = testUnless(unavailable);

  const aSecret = async (value: string): Promise<string> => {
    const { Name = '' } = await secrets.send(
      new CreateSecretCommand({ Name: `phones-${randomUUID()}`, SecretString: value }),
    );
    return Name;
  };
  const properties = (Platform: string, SecretId: string, Name = `fanfare-${randomUUID()}`) => ({
    Platform,
    Name,
    SecretId,
    FailureRoleArn: ROLE,
    FailureTopicArn: TOPIC,
  });
  const attributesOf = async (PlatformApplicationArn: string) => {
    const command = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn });
    return (await sns.send(command)).Attributes;
  };

  onAws('are made with what a secret says, and tell what they could not deliver', async () => {
    for (const [platform, secret] of [
      ['APNS', APPLE],
      ['APNS_SANDBOX', APPLE],
      ['GCM', GOOGLE],
    ] as const) {
      const wanted = properties(platform, await aSecret(JSON.stringify(secret)));

      const { physicalId, attributes } = await applications.apply({ type: 'Create', properties: wanted });

      expect(physicalId).toMatch(new RegExp(`^arn:aws:sns:.*:app/${platform}/${wanted.Name}$`));
      expect(attributes).toEqual({ Arn: physicalId });
      expect(await attributesOf(physicalId)).toMatchObject({
        FailureFeedbackRoleArn: ROLE,
        EventDeliveryFailure: TOPIC,
      });
    }
  });

  onAws('take other credentials under the same address, and are deleted once', async () => {
    const wanted = properties('APNS', await aSecret(JSON.stringify(APPLE)));
    const { physicalId } = await applications.apply({ type: 'Create', properties: wanted });
    const SecretId = await aSecret(JSON.stringify({ ...APPLE, keyId: 'KEY7654321' }));

    const updated = await applications.apply({
      type: 'Update',
      physicalId,
      properties: { ...wanted, SecretId },
    });
    expect(updated.physicalId).toBe(physicalId);
    expect(await attributesOf(physicalId)).toMatchObject({ PlatformPrincipal: 'KEY7654321' });

    await applications.apply({ type: 'Delete', physicalId, properties: wanted });
    await expect(attributesOf(physicalId)).rejects.toThrow();
  });

  onAws('that were never made are deleted without a word', async () => {
    const deleted = { type: 'Delete', physicalId: 'Apns-failed', properties: {} } as const;

    expect(await applications.apply(deleted)).toEqual({ physicalId: 'Apns-failed' });
  });

  onAws('are refused with what the secret lacks, and nothing of what it says', async () => {
    const { bundleId, ...lacking } = APPLE;
    const cases = [
      [JSON.stringify(lacking), /^the secret phones-[\w-]+ has no text bundleId$/],
      [`{"signingKey":"${bundleId}`, /^the secret phones-[\w-]+ is no JSON object$/],
    ] as const;
    for (const [value, message] of cases) {
      const wanted = properties('APNS', await aSecret(value));
      await expect(applications.apply({ type: 'Create', properties: wanted })).rejects.toThrow(message);
    }
    const missing = properties('APNS', 'no-such-secret');
    await expect(applications.apply({ type: 'Create', properties: missing })).rejects.toThrow(
      'the secret no-such-secret does not exist',
    );
  });
});
