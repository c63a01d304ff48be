import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import {
  CreatePlatformApplicationCommand,
  DeletePlatformApplicationCommand,
  SetPlatformApplicationAttributesCommand,
} from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { FanfareError } from '../../../domain/errors.ts';
import { translateAwsError } from '../aws-errors.ts';
import { fetchSecretFields } from '../fetch-secret.ts';
import type { ResourceAnswer, ResourceRequest } from '../lambda/custom-resource.ts';

/** What a template says of a platform application; the credentials themselves are in the secret alone. */
const applicationProperties = z.looseObject({
  Platform: z.enum(['APNS', 'APNS_SANDBOX', 'GCM']),
  Name: z.string(),
  /** Of Apple's: signingKey, keyId, teamId, bundleId. Of Google's: the service account's key, as Google gives it out. */
  SecretId: z.string(),
  FailureRoleArn: z.string(),
  FailureTopicArn: z.string(),
});

type Properties = z.output<typeof applicationProperties>;

export interface PlatformApplicationsOptions {
  readonly sns: SNSClient;
  readonly secrets: SecretsManagerClient;
  /** For an emulator that wants one of Google's; AWS has none. */
  readonly principalOfGoogle?: string;
}

/** By which SNS speaks to Apple and Google. CloudFormation knows no such resource. */
export class PlatformApplications {
  readonly #sns: SNSClient;
  readonly #secrets: SecretsManagerClient;
  readonly #principalOfGoogle: string | undefined;

  constructor({ sns, secrets, principalOfGoogle }: PlatformApplicationsOptions) {
    this.#sns = sns;
    this.#secrets = secrets;
    this.#principalOfGoogle = principalOfGoogle;
  }

  /** @throws FanfareError naming the secret, or the member that it lacks, and nothing of what it says */
  async apply({ type, properties, physicalId }: ResourceRequest): Promise<ResourceAnswer> {
    if (type === 'Delete') return this.#delete(physicalId ?? '');
    const wanted = applicationProperties.parse(properties);
    const credentials = await this.#credentialsOf(wanted);
    const arn = physicalId ?? (await this.#create(wanted, credentials));
    const Attributes = {
      ...credentials,
      FailureFeedbackRoleArn: wanted.FailureRoleArn,
      EventDeliveryFailure: wanted.FailureTopicArn,
    };
    const command = new SetPlatformApplicationAttributesCommand({
      PlatformApplicationArn: arn,
      Attributes,
    });
    await this.#call(wanted.Name, () => this.#sns.send(command));
    return { physicalId: arn, attributes: { Arn: arn } };
  }

  async #create({ Platform, Name }: Properties, Attributes: Record<string, string>): Promise<string> {
    const command = new CreatePlatformApplicationCommand({ Platform, Name, Attributes });
    const { PlatformApplicationArn = '' } = await this.#call(Name, () => this.#sns.send(command));
    return PlatformApplicationArn;
  }

  /** What was never made has a name that SNS does not know. */
  async #delete(physicalId: string): Promise<ResourceAnswer> {
    if (physicalId.startsWith('arn:')) {
      const command = new DeletePlatformApplicationCommand({ PlatformApplicationArn: physicalId });
      await this.#call(physicalId, () => this.#sns.send(command));
    }
    return { physicalId };
  }

  async #credentialsOf({ Platform, SecretId }: Properties): Promise<Record<string, string>> {
    if (Platform === 'GCM') {
      const names = ['type', 'project_id', 'private_key', 'client_email'] as const;
      const account = await fetchSecretFields(this.#secrets, SecretId, names);
      const principal = this.#principalOfGoogle;
      return {
        PlatformCredential: JSON.stringify(account),
        ...(principal === undefined ? {} : { PlatformPrincipal: principal }),
      };
    }
    const names = ['signingKey', 'keyId', 'teamId', 'bundleId'] as const;
    const { signingKey, keyId, teamId, bundleId } = await fetchSecretFields(this.#secrets, SecretId, names);
    return {
      PlatformCredential: signingKey,
      PlatformPrincipal: keyId,
      ApplePlatformTeamID: teamId,
      ApplePlatformBundleID: bundleId,
    };
  }

  /** An error of SNS about attributes may quote them, so no more than its name is passed on. */
  async #call<Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      const { code } = translateAwsError(error, name);
      throw new FanfareError(
        code,
        `SNS did not take the platform application ${name}: ${(error as Error).name}`,
      );
    }
  }
}
