// The built screens in a process in which something else goes wrong: argument `throw` or `reject`, on a line of standard
// input that nobody else reads, once the person presses a key that no binding has.
const built = new URL("../../dist/tui.js", import.meta.url).href;
const { runTui } = (await import(built)) as typeof import("../../tui/main.tsx");

process.on("SIGUSR2", () => {
  const planted = new Error("planted by the test");
  if (process.argv[2] === "reject") void Promise.reject(planted);
  else throw planted;
});
process.exitCode = await runTui({ connection: undefined });
