const turn = () => { for (let n = 0; n < 50_000; n++); setTimeout(turn, 0); };
turn();
