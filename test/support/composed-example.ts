/** As much of JSON Schema as the descriptions of HTTP bodies use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** What pages that show an OpenAPI document make of the examples in a schema's parts. */
export class ExampleComposer {
  /** Parts that must be there, and of which nothing says how they look. */
  readonly missing: string[] = [];
  readonly #named: Readonly<Record<string, JsonSchema>>;

  constructor(named: Readonly<Record<string, JsonSchema>>) {
    this.#named = named;
  }

  /** @param path what `missing` calls it */
  compose(schema: JsonSchema, path: string): unknown {
    const said = [schema.example, schema.const, schema.enum?.[0], schema.default];
    const found = said.find(value => value !== undefined);
    if (found !== undefined) return found;
    if (schema.$ref) return this.compose(this.#named[schema.$ref.split('/').at(-1) ?? ''] ?? {}, path);
    const [first] = schema.oneOf ?? schema.anyOf ?? [];
    if (first) return this.compose(first, path);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(part => this.compose(part, path)));
    if (schema.properties) return this.#object(schema, path);
    if (schema.items) return [this.compose(schema.items, `${path}[]`)];
    if (schema.type === 'boolean') return true;
    if (schema.type === 'object') return {};
    this.missing.push(path);
    return undefined;
  }

  /** An optional part of which nothing is said is left out. */
  #object({ properties = {}, required = [] }: JsonSchema, path: string): object {
    const entries = Object.entries(properties).flatMap(([name, part]) => {
      const before = this.missing.length;
      const value = this.compose(part, `${path}.${name}`);
      if (!required.includes(name)) this.missing.length = before;
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(entries) as object;
  }
}
