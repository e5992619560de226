import Type from 'typebox';
import { styleLevels, StyleRule } from '#contracts';
import * as examples from './style.examples.ts';

const strict = { additionalProperties: false } as const;
const version = Type.Integer({
  minimum: 0,
  description: 'the change of this language that made the rule what it is; 0 as Stet comes with it',
});
export const StyleView = Type.Object(
  {
    language: Type.String(),
    rules: Type.Array(Type.Object({ ...StyleRule.properties, version }, strict)),
  },
  { ...strict, examples: [examples.view] },
);
const place = Type.Integer({ minimum: 0 });
export const StyleHits = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: 'of the text' }),
    language: Type.String(),
    hits: Type.Array(
      Type.Object(
        {
          ...{ rule: Type.String(), version, level: Type.Enum(styleLevels) },
          ...{ block: Type.Optional(Type.String()), field: Type.Optional(Type.String()) },
          ...{ from: place, to: place, text: Type.String() },
          ...{ instead: Type.Array(Type.String()), why: Type.String() },
        },
        {
          ...strict,
          description:
            'where: of the HTML of a block, or of a field (of the head, or of the image of a block), in UTF-16 units',
        },
      ),
    ),
  },
  { ...strict, examples: [examples.hits] },
);
