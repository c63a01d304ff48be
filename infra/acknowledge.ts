import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings of the AWS Solutions rules that are meant to be, each on the one resource that it is about. */
export const acknowledge = (construct: IConstruct, findings: Readonly<Record<string, string>>): void => {
  const rules = Object.entries(findings).map(([id, reason]) => ({ id: `AwsSolutions-${id}`, reason }));
  Validations.of(construct).acknowledge(...rules);
};
