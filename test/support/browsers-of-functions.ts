import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import { localStack } from './localstack.ts';
import { aPushService } from './push-service.ts';

const GOOGLE = 'https://fcm.googleapis.com';

/** Browsers that functions push to: the keys for it in Secrets Manager, and a push service on a loopback address. */
export const browsersOfFunctions = async () => {
  const keys = makeVapidKeys();
  const service = await aPushService(keys.publicKey);
  const secrets = new SecretsManagerClient(localStack().config);
  const SecretString = JSON.stringify({ subject: 'mailto:push@example.com', ...keys });
  const { Name = '' } = await secrets.send(new CreateSecretCommand({ Name: randomUUID(), SecretString }));
  secrets.destroy();
  return {
    /** What functions are told. */
    env: {
      FANFARE_VAPID_SECRET_ID: Name,
      NODE_OPTIONS: `--import ${new URL('lead-to-push-service.ts', import.meta.url).href}`,
      PUSH_SERVICE_PORT: new URL(service.origin).port,
      PUSH_SERVICE_CERTIFICATE: service.certificate,
    },
    /** Another browser. @returns the token, and what it is pushed */
    subscribe: () => {
      const { token, delivered } = service.subscribe();
      return { token: token.replace(service.origin, GOOGLE), delivered };
    },
    close: () => service.close(),
  };
};
