// A display as a window manager sees it (X11 core protocol): the windows on it by their titles, and
// the wish that one of them close. There is no window manager on a test's display that could be asked.

import { connect, type Socket } from 'node:net';

/** Requests by their opcodes. */
const GET_PROPERTY = 20;
const INTERN_ATOM = 16;
const QUERY_TREE = 15;
const SEND_EVENT = 25;
/** An event that one program sends another. */
const CLIENT_MESSAGE = 33;

export interface Titled {
  id: number;
  title: string;
}

export class Display {
  readonly #socket: Socket;
  readonly #root: number;
  #received: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, root: number, rest: Buffer) {
    this.#socket = socket;
    this.#root = root;
    this.#received = rest;
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
  }

  /** Looks at the display of that name (`:99`), which asks for no key. */
  static async look(name: string): Promise<Display> {
    const socket = connect(`/tmp/.X11-unix/X${name.slice(1)}`);
    const hello = Buffer.alloc(12);
    hello.write('l', 0, 'latin1');
    hello.writeUInt16LE(11, 2);
    socket.write(hello);
    let answer: Buffer = Buffer.alloc(0);
    await new Promise<void>((done, failed) => {
      const onData = (data: Buffer) => {
        answer = Buffer.concat([answer, data]);
        if (answer.length < 8 || answer.length < 8 + 4 * answer.readUInt16LE(6)) return;
        socket.off('data', onData);
        done();
      };
      socket.on('error', failed);
      socket.on('data', onData);
    });
    // The fixed part, the vendor's name, the formats; then the first screen, whose root comes first.
    const vendor = answer.readUInt16LE(24);
    const formats = answer.readUInt8(29);
    const root = answer.readUInt32LE(40 + 4 * Math.ceil(vendor / 4) + 8 * formats);
    return new Display(socket, root, answer.subarray(8 + 4 * answer.readUInt16LE(6)));
  }

  /** Every window that has a title. */
  async windows(): Promise<Titled[]> {
    const name = await this.#atom('_NET_WM_NAME');
    const found: Titled[] = [];
    const left = [this.#root];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const tree = await this.#ask(QUERY_TREE, 0, [id]);
      for (let at = 0; at < tree.readUInt16LE(16); at++) left.push(tree.readUInt32LE(32 + 4 * at));
      const property = await this.#ask(GET_PROPERTY, 0, [id, name, 0, 0, 256]);
      const title = property.subarray(32, 32 + property.readUInt32LE(16)).toString('utf8');
      if (title !== '') found.push({ id, title });
    }
    return found;
  }

  /** Wishes that a window close, as its button in the title bar does (ICCCM §4.2.8.1). */
  async wishClosed(window: number): Promise<void> {
    const event = Buffer.alloc(32);
    event.writeUInt8(CLIENT_MESSAGE, 0);
    event.writeUInt8(32, 1);
    event.writeUInt32LE(window, 4);
    event.writeUInt32LE(await this.#atom('WM_PROTOCOLS'), 8);
    event.writeUInt32LE(await this.#atom('WM_DELETE_WINDOW'), 12);
    this.#send(SEND_EVENT, 0, [window, 0], event);
    // An answer to something else means that the event has gone out before it.
    await this.#atom('WM_PROTOCOLS');
  }

  leave(): void {
    this.#socket.destroy();
  }

  async #atom(name: string): Promise<number> {
    const text = Buffer.alloc(4 * Math.ceil(name.length / 4));
    text.write(name, 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt16LE(name.length, 0);
    const answer = await this.#ask(INTERN_ATOM, 0, [], Buffer.concat([length, text]));
    return answer.readUInt32LE(8);
  }

  async #ask(opcode: number, detail: number, words: number[], rest?: Buffer): Promise<Buffer> {
    this.#send(opcode, detail, words, rest);
    for (;;) {
      const length = this.#received.length < 32 ? Infinity : 32 + 4 * this.#received.readUInt32LE(4);
      if (this.#received.length >= length) {
        const answer = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        // An error: the window has gone meanwhile.
        return answer.readUInt8(0) === 0 ? Buffer.alloc(64) : answer;
      }
      await new Promise<void>((done) => (this.#wake = done));
    }
  }

  #send(opcode: number, detail: number, words: number[], rest: Buffer = Buffer.alloc(0)): void {
    const request = Buffer.alloc(4 + 4 * words.length);
    request.writeUInt8(opcode, 0);
    request.writeUInt8(detail, 1);
    request.writeUInt16LE((request.length + rest.length) / 4, 2);
    words.forEach((word, at) => request.writeUInt32LE(word, 4 + 4 * at));
    this.#socket.write(Buffer.concat([request, rest]));
  }
}
