const workLabels: Record<string, string> = {
  createRoom: 'Opening the room',
  chooseAgent: 'Finding an agent',
  dispatchAgent: 'Sending the agent',
  releaseSeat: 'Giving the seat back',
  removeParticipant: 'Removing the lost agent',
  closeRoom: 'Closing the room',
  apologise: 'Telling the caller that nobody is free',
  startEgress: 'Having LiveKit record',
  stopEgress: 'Having LiveKit stop recording',
  watchEgress: 'Asking LiveKit for the recording',
  placeDial: 'Ringing the customer',
  hangUpDial: 'Hanging up at the carrier',
  suppress: 'Writing the number to the do-not-call list',
  settleDial: 'Giving the lead its outcome',
  project: 'Writing the call to history',
  archive: 'Archiving the ledger',
  announce: 'Telling the board',
};

/** Work the call owes, as a person would call it. */
export const workWords = (type: string): string => workLabels[type] ?? type;
