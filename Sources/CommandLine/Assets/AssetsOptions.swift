import ArgumentParser
import OrchConfiguration
import OrchCore
import SystemPackage

/// Where the assets and the list of them are.
struct AssetsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Look in this directory, not in that of ORCH_ASSETS_DIR.", valueName: "dir"),
        completion: .directory)
    var dir: String?

    @Option(
        help: ArgumentHelp("The list of assets; the default is that of a checkout.", valueName: "file"),
        completion: .file())
    var manifest = "config/assets.tsv"

    private static let maximumManifestBytes = 1_048_576

    /// The list of assets.
    func readManifest() throws -> AssetManifest {
        do {
            return try AssetManifest(
                parsing: try BoundedFile.contents(of: FilePath(manifest), maximumBytes: Self.maximumManifestBytes))
        } catch is Errno {
            throw CommandFailure(
                .notFound, "the list of assets cannot be read: run this in the checkout, or name it by --manifest")
        }
    }

    /// Where the assets are. A configuration that is refused for other reasons does not stand in the way.
    func place(_ configuration: ConfigurationOptions, in session: Session) throws -> AssetPlace {
        if let dir { return AssetPlace(directory: FilePath(dir), isUnusual: true) }
        let resolved = ConfigurationLoader.resolve(try configuration.inputs(in: session))
        guard let setting = resolved.settings.first(where: { $0.entry.name == "ORCH_ASSETS_DIR" }) else {
            throw CommandFailure(.internalFault, "the setting of the assets' directory is gone")
        }
        // The installing script knows the environment and the default, not options and .env.
        let isUnusual =
            switch setting.source {
            case .arguments, .dotEnv: true
            case .environment, .standard: false
            }
        return AssetPlace(directory: FilePath(setting.text.exposed), isUnusual: isUnusual)
    }
}
