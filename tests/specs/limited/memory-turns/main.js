const held = [];
const turn = () => { held.push(new Uint8Array(1 << 20)); setTimeout(turn, 0); };
turn();
