/** What X-Ray's library asks of semver: whether Node is newer than version 8. The whole package is 29 KB a function. */
exports.gte = () => true
