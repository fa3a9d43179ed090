// A module that awaits what never comes, beside a timer.
// outcome: wall

setInterval(() => {}, 1000);
await new Promise(() => {});
