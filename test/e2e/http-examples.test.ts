import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonSchema } from '../support/composed-example.ts';
import { ExampleComposer } from '../support/composed-example.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

interface Body {
  readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const jsonOf = (body: Body | undefined): JsonSchema | undefined =>
  body?.content?.['application/json']?.schema;

let stack: LocalStack;
let document: Document;
beforeAll(async () => {
  stack = await aLocalStack();
  document = (await (await fetch(`${stack.url}/openapi.json`)).json()) as Document;
});
afterAll(() => stack.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('The OpenAPI document', () => {
  test('shows an example of every JSON body, which its own schema takes', () => {
    const { schemas } = document.components;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'openapi', components: { schemas } });
    const composer = new ExampleComposer(schemas);
    const refused: unknown[] = [];
    const bodies = operations().flatMap(({ operation: { operationId, requestBody, responses } }) => [
      { name: operationId, schema: jsonOf(requestBody) },
      ...Object.entries(responses).map(([status, body]) => ({
        name: `${operationId} ${status}`,
        schema: jsonOf(body),
      })),
    ]);
    const shown = bodies.filter(({ schema }) => schema !== undefined);
    for (const { name, schema = {} } of shown) {
      const example = composer.compose(schema, name);
      const text = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
      if (!ajv.validate(JSON.parse(text), example)) refused.push({ name, example, errors: ajv.errors });
    }
    expect(shown.length).toBeGreaterThan(30);
    expect(composer.missing).toEqual([]);
    expect(refused).toEqual([]);
  });

  test('has examples of requests that the server takes', async () => {
    const composer = new ExampleComposer(document.components.schemas);
    const token = await stack.token('alice', { admin: true });
    const refused: unknown[] = [];
    let sent = 0;
    for (const { path, method, operation } of operations()) {
      const schema = jsonOf(operation.requestBody);
      if (!schema) continue;
      const parameters = (operation.parameters ?? []).filter(parameter => parameter.in === 'path');
      const url = parameters.reduce(
        (text, parameter) =>
          text.replace(`{${parameter.name}}`, String(composer.compose(parameter.schema, parameter.name))),
        stack.url + path,
      );
      const response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(composer.compose(schema, path)),
      });
      sent += 1;
      // 404: there is none of the example's id; 412: nor of its version.
      if (!response.ok && ![404, 412].includes(response.status))
        refused.push({ url, status: response.status, problem: await response.json() });
    }
    expect(sent).toBeGreaterThan(5);
    expect(refused).toEqual([]);
  });
});
