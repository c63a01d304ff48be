import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';

const MAX_WAIT_SECONDS = 120;

export type Outputs = Readonly<Record<string, string>>;

/** Deploys a template where no stack of the name stands yet. @returns the stack's outputs */
export const deployStack = async (
  client: CloudFormationClient,
  name: string,
  template: () => object,
): Promise<Outputs> => {
  const standing = await outputsOf(client, name);
  if (standing !== undefined) return standing;
  const Capabilities = ['CAPABILITY_IAM' as const];
  await client.send(
    new CreateStackCommand({ StackName: name, TemplateBody: JSON.stringify(template()), Capabilities }),
  );
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1, maxDelay: 2 },
    { StackName: name },
  );
  return (await outputsOf(client, name)) ?? {};
};

const outputsOf = async (client: CloudFormationClient, name: string): Promise<Outputs | undefined> => {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if ((error as Error).message.includes('does not exist')) return undefined;
    throw error;
  }
};
