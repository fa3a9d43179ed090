const first = 1;
	const text = "日本語 👍", user = {}; user.greet("x");
