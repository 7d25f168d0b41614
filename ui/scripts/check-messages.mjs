// Fails when a catalogue does not hold exactly what the sources say, or lacks a Japanese string.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const files = ['src/locales', 'src/features/customer/locales'].flatMap((folder) => [
  `${folder}/en.po`,
  `${folder}/ja.po`,
]);
// The date of extraction is the only line that changes by itself.
const read = (file) => readFileSync(file, 'utf8').replace(/^"POT-Creation-Date:.*\n/m, '');
const before = files.map((file) => [file, readFileSync(file, 'utf8'), read(file)]);
const run = spawnSync('npx', ['lingui', 'extract', '--clean'], { encoding: 'utf8' });
if (run.status !== 0) {
  console.error(run.stdout, run.stderr);
  process.exit(1);
}
const stale = before.filter(([file, , was]) => read(file) !== was);
for (const [file, text] of before) writeFileSync(file, text);
if (stale.length > 0) {
  console.error(`Not what the sources say: ${stale.map(([file]) => file).join(', ')}. Run: npm run messages`);
  process.exit(1);
}
const lacking = files
  .filter((file) => file.endsWith('ja.po'))
  .flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^msgid "(.+)"\nmsgstr ""\n(?!")/gm)].map(
      ([, id]) => `${file}: ${id}`,
    ),
  );
if (lacking.length > 0) {
  console.error(`Not said in Japanese:\n${lacking.join('\n')}`);
  process.exit(1);
}
console.log('The catalogues hold what the sources say.');
