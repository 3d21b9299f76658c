// Files on their way, kept by the browser until they have arrived: a page that is opened again can go on by itself.
// Where the browser keeps nothing (a private window), uploads go on only as long as the page is open.
function store(mode, work) {
  return new Promise((resolve) => {
    const opening = indexedDB.open("tenkyo-uploads", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files", { keyPath: "key" });
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
      const database = opening.result;
      try {
        const transaction = database.transaction("files", mode);
        const asked = work(transaction.objectStore("files"));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => resolve(null);
      } catch {
        resolve(null);
      }
      database.close(); // once the transaction is over
    };
  });
}

export const keep = (one) => store("readwrite", (files) => files.put(one));
export const forget = (key) => store("readwrite", (files) => files.delete(key));
export const kept = async () => (await store("readonly", (files) => files.getAll())) ?? [];
