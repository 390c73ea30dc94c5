/**
 * A zip archive with files that are not compressed, such as a saved plan of Terraform.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3, for the layout of an archive
 * @example zipOf({ tfstate: '{"lineage":""}' })
 */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(path.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    for (const at of [20, 24]) entry.writeUInt32LE(data.length, at);
    entry.writeUInt16LE(path.length, 28);
    entry.writeUInt32LE(Buffer.concat(locals).length, 42);
    locals.push(local, path, data);
    directory.push(entry, path);
  }
  const [body, entries] = [Buffer.concat(locals), Buffer.concat(directory)];
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, entries, end]);
}
