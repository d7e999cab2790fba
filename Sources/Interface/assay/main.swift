import AssayCommands

await AssayMain.run()
