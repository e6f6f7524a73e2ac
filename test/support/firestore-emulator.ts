// The Firestore emulator in a separate process, so that a test can kill it. Argument: the port. It
// keeps all data in memory and listens on every address; neither can be configured.
import { FirestoreServer } from '@firestore-emulator/server'

const [port = ''] = process.argv.slice(2)
await new FirestoreServer().start(Number(port))
process.stdout.write('listening\n')
