import ArgumentParser

/// `assay verity`: dm-verity.
struct VerityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verity", abstract: "Format, verify, sign and repair dm-verity devices.",
        discussion: """
            EXAMPLES
              assay verity format root.img root.hash --root-hash-file root.txt
              assay verity verify root.img root.hash --root-hash-file root.txt
              assay verity dump root.hash
            """,
        subcommands: [
            VerityFormatCommand.self, VerityVerifyCommand.self, VerityDumpCommand.self, VeritySignCommand.self,
            VerityRepairCommand.self,
        ])
}
