import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A child process that does as it is told, one command at a time. */
export class Helper {
  #child;
  #waiting;

  /** @param {URL} file module that answers each message with one. */
  static async open(file, ...args) {
    const helper = new Helper();
    const answered = helper.#answer();
    helper.#child = fork(fileURLToPath(file), args, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    helper.#child.on("message", ({ result, failed }) => (failed ? helper.#waiting.fail(new Error(failed)) : helper.#waiting.done(result)));
    helper.#child.on("exit", (code) => helper.#waiting.fail(new Error(`${file} ended with ${code}`)));
    await answered;
    return helper;
  }

  ask(command, args = {}) {
    const answer = this.#answer();
    this.#child.send({ command, args });
    return answer;
  }

  #answer() {
    return new Promise((done, fail) => {
      this.#waiting = { done, fail };
    });
  }

  end() {
    this.#waiting = { done() {}, fail() {} };
    this.#child.disconnect();
  }
}
