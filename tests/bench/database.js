// IndexedDB with promises, for the contenders that have no such layer of their own.

/** The answer of a request. */
export function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Waits until a transaction is as durable as it was asked to be. */
export function done(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Opens a database; `upgrade` makes its stores. */
export function open(name, upgrade) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => upgrade(request.result);
  return answer(request);
}

/** A snapshot and a log of what came after it: the layout that y-indexeddb and automerge-repo use as well. */
export class Log {
  static async open(name) {
    const log = new Log();
    log.database = await open(name, (database) => {
      database.createObjectStore("snapshot");
      database.createObjectStore("log", { autoIncrement: true });
    });
    return log;
  }

  /** The snapshot, and what came after it. */
  async read() {
    const reading = this.database.transaction(["snapshot", "log"]);
    const [snapshot, log] = await Promise.all([
      answer(reading.objectStore("snapshot").get(0)),
      answer(reading.objectStore("log").getAll()),
    ]);
    return { snapshot, log };
  }

  /** Writes the snapshot. */
  async save(snapshot) {
    const writing = this.database.transaction("snapshot", "readwrite", { durability: "strict" });
    writing.objectStore("snapshot").put(snapshot, 0);
    writing.commit();
    await done(writing);
  }

  /** Appends one change. */
  async append(change, durability) {
    const writing = this.database.transaction("log", "readwrite", { durability });
    writing.objectStore("log").add(change);
    writing.commit();
    await done(writing);
  }
}
