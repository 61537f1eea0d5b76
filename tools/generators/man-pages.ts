// Prints the man pages as one JSON object, file name to text: pacpool(1), one per verb, and those of the configuration files.
import { readPages } from "../../cli/help/verb-page.ts";
import { FILE_PAGES } from "./man/file-pages.ts";
import { formatPage } from "./man/roff.ts";
import { programPage, verbPage } from "./man/verb-pages.ts";

async function main(): Promise<void> {
  const pages = await readPages();
  const all = [programPage(pages), ...pages.map(verbPage), ...FILE_PAGES];
  const files = all.map((page) => [`${page.name}.${String(page.section)}`, formatPage(page)] as const);
  process.stdout.write(JSON.stringify(Object.fromEntries(files)));
}

await main();
