// embed.mjs <folder> <out>: writes <out>.bin, the folder's files one after the other, compressed, and <out>.cpp,
// the table of them that platform/console/files.h declares. The page itself stays as it is: the server
// puts a nonce into each copy.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

const contentTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const [folder, out] = process.argv.slice(2);

function readFile(path) {
  const contentType = contentTypes[extname(path)];
  if (!contentType) throw new Error(`${path}: no content type is known for it`);
  const plain = readFileSync(path);
  const isPage = contentType.startsWith('text/html');
  return {
    address: '/' + relative(folder, path),
    contentType,
    etag: createHash('sha256').update(plain).digest('hex').slice(0, 16),
    bytes: isPage ? plain : gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
  };
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFile(join(entry.parentPath, entry.name)))
  .sort((a, b) => (a.address < b.address ? -1 : 1));

let offset = 0;
const rows = files.map(({ address, contentType, etag, bytes }) => {
  const row = `    {"${address}", "${contentType}", "\\"${etag}\\"", {bytes + ${offset}, ${bytes.length}}},`;
  offset += bytes.length;
  return row;
});

const digest = createHash('sha256');
for (const { bytes } of files) digest.update(bytes);

writeFileSync(`${out}.bin`, Buffer.concat(files.map(({ bytes }) => bytes)));
writeFileSync(
  `${out}.cpp`,
  `#include "platform/console/files.h"

// Content: ${digest.digest('hex')}
asm(R"(
  .pushsection .rodata
  .global castor_console_bytes
  .hidden castor_console_bytes
castor_console_bytes:
  .incbin "${out}.bin"
  .popsection
)");

extern "C" const char castor_console_bytes[];

namespace castor::platform {

std::span<const ConsoleFile> ConsoleFiles() {
  static const char* const bytes = castor_console_bytes;
  static const ConsoleFile files[] = {
${rows.join('\n')}
  };
  return files;
}

}  // namespace castor::platform
`,
);
