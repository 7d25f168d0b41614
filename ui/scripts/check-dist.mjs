// Looks at what is shipped: nothing of the pretended desk, nothing that the content security policy would stop, nothing remote.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const files = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
const all = files('dist');
const faults = [];
const html = readFileSync('dist/index.html', 'utf8').replace(/<!--[\s\S]*?-->/g, '');
if (!/<meta charset="utf-8"/.test(html)) faults.push('index.html does not say its charset');
if (/<script(?![^>]*\bsrc=)[^>]*>/.test(html)) faults.push('index.html has an inline script');
if (/<style|\sstyle=/.test(html)) faults.push('index.html has inline styles');
if (/(src|href)="(https?:)?\/\//.test(html)) faults.push('index.html names another origin');
for (const path of all) {
  if (!/\.(js|css)$/.test(path)) continue;
  const text = readFileSync(path, 'utf8');
  if (/Kaede Mori|Asanagi/.test(text)) faults.push(`${path} holds the pretended desk`);
  if (/url\(\s*["']?https?:/.test(text)) faults.push(`${path} loads from another origin`);
  if (/\beval\(|new Function\(/.test(text)) faults.push(`${path} makes code from text`);
}
for (const fault of faults) console.error(fault);
const bytes = all.reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${all.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
process.exit(faults.length > 0 ? 1 : 0);
