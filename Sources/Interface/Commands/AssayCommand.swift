public import ArgumentParser
import AssayPipelines

/// The command-line tool.
public struct AssayCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Prove the security of Linux operating-system images and hosts.",
        discussion: """
            EXAMPLES
              assay audit                          this machine, against its distribution's own promises
              assay audit ./rootfs --format json   a root directory, for another program
              assay verify azurelinux-3.0-x86_64.iso  who made a file, and whether it is what they made
              assay trust update                   the store of certificate authorities, from its sources
              assay explain kernel.lockdown        what a check asks, and how it is proven
              assay verity format root.img root.hash  a dm-verity hash tree over an image

            EXIT CODES
              0 yes, 1 no, 2 could not answer, 64 wrong usage, 70 a bug of ours, 128+n signal n
            """,
        version: "assay \(Audit.toolVersion)",
        subcommands: [
            AuditCommand.self, VerifyCommand.self, VerityCommand.self, TrustCommand.self, KeysCommand.self,
            SignCommand.self, ExplainCommand.self, ProfileCommand.self,
        ])

    /// Makes the command without arguments.
    public init() {}
}
