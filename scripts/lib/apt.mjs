import { run } from "./run.mjs";

let updated = false;

/**
 * Installs a Debian package where that is possible: as root, with apt.
 * @param {string} name
 * @returns {Promise<boolean>} whether it is there now
 */
export async function aptInstall(name) {
  if (process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (!updated) {
    const { code } = await run("apt-get", ["update", "-qq"], { quiet: true, env });
    if (code !== 0) return false;
    updated = true;
  }
  console.log(`Installing Debian's ${name}.`);
  const { code, output } = await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], { quiet: true, env });
  if (code !== 0) console.log(output.trim());
  return code === 0;
}
