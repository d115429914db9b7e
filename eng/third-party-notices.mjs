// Writes THIRD-PARTY-NOTICES.md: every package that the product is made of or installs, with its licence, from what the build restored.
// Usage: node eng/third-party-notices.mjs [--check]   (after a build; --check fails when the file would change)
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'THIRD-PARTY-NOTICES.md');

/** Finds files of one name pattern below a folder. */
function find(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : find(path, pattern);
    }
    return pattern.test(entry.name) ? [path] : [];
  });
}

/** NuGet packages that the product's projects restore, by name and version. */
function nugetPackages() {
  const projects = ['services', 'converters', 'ImageEditor.AppHost', 'ImageEditor.ServiceDefaults'].flatMap((folder) => find(join(root, folder), /\.csproj$/));
  const found = new Map();
  for (const project of projects) {
    const assets = JSON.parse(readFileSync(join(root, 'artifacts', 'obj', basename(project, '.csproj'), 'project.assets.json'), 'utf8'));
    for (const [key, library] of Object.entries(assets.libraries)) {
      if (library.type === 'package') {
        const [name, version] = key.split('/');
        found.set(key, { name, version, licence: nugetLicence(Object.keys(assets.packageFolders), library.path, name) });
      }
    }
  }
  return found;
}

function nugetLicence(folders, path, name) {
  const file = folders.map((folder) => join(folder, path, `${name.toLowerCase()}.nuspec`)).find(existsSync);
  const specification = file === undefined ? '' : readFileSync(file, 'utf8');
  const expression = /<license type="expression">([^<]+)</.exec(specification)?.[1];
  const licenceFile = /<license type="file">([^<]+)</.exec(specification)?.[1];
  const url = /<licenseUrl>([^<]+)</.exec(specification)?.[1];
  return expression ?? (licenceFile === undefined ? url : `${licenceFile} in the package`) ?? 'not stated in the package';
}

/** npm packages of the folders that the product installs, those that only build or test it left out. */
function npmPackages() {
  const found = new Map();
  for (const lock of find(root, /^package-lock\.json$/)) {
    if (lock.startsWith(join(root, 'ImageEditor.Tests'))) {
      continue;
    }
    for (const [path, entry] of Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages)) {
      if (path.startsWith('node_modules/') && !entry.dev && entry.version !== undefined) {
        const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
        found.set(`${name}/${entry.version}`, { name, version: entry.version, licence: entry.license ?? 'not stated in the package' });
      }
    }
  }
  return found;
}

function table(packages) {
  const rows = [...packages.values()].sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
  return ['| package | version | licence |', '|---|---|---|', ...rows.map((row) => `| ${row.name} | ${row.version} | ${row.licence} |`)].join('\n');
}

const text = `# Third-party notices

What this project is made of, or installs, besides its own code. \`eng/third-party-notices.mjs\` writes this page from what the build restored.

## Neural networks

The networks' makers, sources and licences are in [docs/models.md](docs/models.md); the page shows them under "About the neural networks".

## Font

DejaVu Sans, with which the converter "watermark" writes, is shipped unchanged; [its licence](converters/Export/Fonts/DejaVuSans.LICENSE.txt) is that of Bitstream Vera, and DejaVu's changes are in the public domain.

## NuGet packages

${table(nugetPackages())}

## npm packages

${table(npmPackages())}
`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('THIRD-PARTY-NOTICES.md does not say what the build restores: run node eng/third-party-notices.mjs and commit it.');
  process.exitCode = 1;
}
