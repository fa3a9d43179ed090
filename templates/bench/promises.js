// Times the turns of promises: nanoseconds for each `await`, in a hundred functions at once.
const TURNS = 5e5;
const AT_ONCE = 100;

async function turns(count) {
  for (let i = 0; i < count; i++) await i;
}

const start = Date.now();
const all = [];
for (let i = 0; i < AT_ONCE; i++) all.push(turns(TURNS / AT_ONCE));
Promise.all(all).then(() => console.log(String(((Date.now() - start) / TURNS) * 1e6)));
