import { BEHIND, CURRENT } from "./moments.ts";
import type { World } from "./stage.ts";

const LONG = "a-machine-whose-owner-thought-that-a-name-should-say-where-it-stands-and-what-it-is-for";

export const wide: World = {
  name: "wide",
  sentence: "messages and labels in East Asian scripts and emoji, names that are far too long",
  here: "atlas",
  build: async ({ server, enter }) => {
    const { pools, targets, endpoints } = server.admin;
    const description = "編集と録音 🎬🎧 für Köln und Αθήνα, 서울 스튜디오 👩‍💻";
    await pools.createPool({ name: "studio-with-a-name-that-no-column-was-made-for", description });
    const pool = "studio-with-a-name-that-no-column-was-made-for";
    await enter("atlas", pool, CURRENT);
    await enter(LONG.slice(0, 60), pool, BEHIND);
    await enter("b", pool, BEHIND);
    await endpoints.labelEndpoint({ endpoint: "b", set: { place: "東京 🗼", name: "한국어" } });
    await targets.setLatest({
      endpoint: "atlas",
      message: "五月 atlas で確認済み ✅ 한국어도 좋아요 👍🏽 e\u0301t\u00e9",
    });
    return undefined;
  },
};
