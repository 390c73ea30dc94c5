// @ts-check
"use strict";

const { themeButton } = require("./theme");

// The script of a page without filters: a button that changes between light and dark.
const tools = document.getElementById("tools");
tools?.append(themeButton());
if (tools !== null) tools.hidden = false;
