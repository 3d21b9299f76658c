// The files of folders that were dropped or chosen, each with its path: their names become tags on the server.
const NOT_DOCUMENTS = /^(?:\.|~\$)|^(?:thumbs\.db|desktop\.ini)$/i;

// Files that programs keep for themselves are left, as in folders that a library follows.
export function isDocument(path) {
  return !path.split("/").some((name) => NOT_DOCUMENTS.test(name));
}

// Yields {file, path} of a dropped entry; the path of a file that lay in no folder is empty.
export async function* filesIn(entry, folder = "") {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (!folder || isDocument(file.name)) yield { file, path: folder && `${folder}${file.name}` };
  } else if (isDocument(entry.name)) {
    const reader = entry.createReader();
    for (;;) {
      // At most a hundred at a time are given.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) yield* filesIn(one, `${folder}${entry.name}/`);
    }
  }
}
