/** The code that Jest runs in place of a file of a shared package. `environment.js` explains it. */
exports.process = () => ({ code: "module.exports = loadShared(__filename);" });
