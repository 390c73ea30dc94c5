/** The code that Jest runs in place of a shared module. `environment.js` explains it. */
exports.process = () => ({ code: "module.exports = loadShared(__filename);" });
