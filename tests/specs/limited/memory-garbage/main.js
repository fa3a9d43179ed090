let turns = 0;
const turn = () => {
  new Uint8Array(1 << 20);
  if (++turns < 100) setTimeout(turn, 0);
  else console.log("done");
};
turn();
