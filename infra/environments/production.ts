import { defineEnvironment } from '../define-environment.ts';

/**
 * What is kept is kept safe, and people with an identity provider of their own sign in with it. Put your provider, your
 * origins, your budget and your e-mail address here.
 */
export default defineEnvironment({
  stage: 'production',
  data: { pointInTimeRecovery: true, encryption: 'aws-managed', deletionProtection: true },
  messaging: { topicEncryption: 'customer-key' },
  functions: { logRetentionDays: 90 },
  tokens: {
    kind: 'jwks',
    url: 'https://login.example.com/.well-known/jwks.json',
    issuer: 'https://login.example.com/',
    audience: 'fanfare',
  },
  api: { corsOrigins: ['https://app.example.com'] },
  observability: { alarmEmail: 'on-call@example.com', monthlyBudgetUsd: 500 },
  shards: { default: 4, broadcast: 64 },
  retentionHours: 72,
});
