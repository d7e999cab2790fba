import AssayBytes
import AssayFacts
import AssayFileSystem

/// Facts of a kernel that is given alone: its configuration or its image.
enum KernelSubject {
    static func facts(configuration bytes: [UInt8], path: String, commandLine: String?) -> Facts {
        Facts(subject: SubjectFacts(kind: .kernelConfiguration, name: path))
    }

    static func facts(image file: FileSource, path: String, commandLine: String?) -> Facts {
        Facts(subject: SubjectFacts(kind: .kernelImage, name: path))
    }
}
