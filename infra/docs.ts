// `npm run docs`: writes the parts of the documentation that are made from the code. A test finds those that were not.
import { writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { documents } from './docs/documents.ts';

for (const [path, text] of documents()) {
  const options = await prettier.resolveConfig(path);
  writeFileSync(path, await prettier.format(text, { ...options, filepath: path }));
}
