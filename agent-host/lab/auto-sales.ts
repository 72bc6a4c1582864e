import type { Business } from './exchange.ts';

/** A car dealer: what its customers say on lab calls and what the agent answers. */
export const AUTO_SALES: Business = {
  slug: 'auto-sales',
  greeting: 'Hello! This is the assistant at CME Auto Sales. How can I help you today?',
  recognisedBy: /auto[- ]sales|\bcars?\b|\bvehicles?\b|\bdealership\b|test drive/gi,
  fallback: 'I see. Could you tell me which car you are asking about?',
  exchanges: [
    {
      id: 'saw-hatchback',
      customer: 'I saw the blue hatchback on your website.',
      agent:
        'Good choice. That hatchback is still here with us. It is two years old and has had one careful owner. Shall I tell you the price?',
    },
    {
      id: 'ask-cost',
      customer: 'Yes please tell me how much it costs.',
      agent:
        'It is fourteen thousand nine hundred pounds. That includes a full service and a year of road tax. Do you have a car to trade in?',
    },
    {
      id: 'trade-in-van',
      customer: 'We have an old delivery van to trade in.',
      agent:
        'We would gladly take it. Bring the log book, and we will value the van while you wait. Would you like to drive the hatchback first?',
    },
    {
      id: 'test-drive',
      customer: 'Could somebody arrange a test drive for Saturday morning?',
      agent: 'Of course. Ten on Saturday morning is free. Shall I put you down for that?',
    },
    {
      id: 'ten-suits',
      customer: 'Ten in the morning suits me very well.',
      agent: 'That is booked. Please bring your driving licence. Is there anything else I can do for you?',
    },
    {
      id: 'thanks-goodbye',
      customer: 'Thank you for all your help and goodbye.',
      agent: 'You are very welcome. Goodbye!',
      action: 'end_call',
    },
    {
      id: 'family-car',
      customer: 'Good afternoon I am looking for a family car.',
      agent: 'You have come to the right place. How many people will be travelling in it?',
    },
    {
      id: 'seven-seats',
      customer: 'It must have seven seats and a big boot.',
      agent:
        'Then I have one for you. There is a silver estate with seven seats, and the boot takes two prams. Would you like to know more about it?',
    },
    {
      id: 'automatic-gearbox',
      customer: 'Does that one come with an automatic gearbox?',
      agent:
        'Yes, it does. It has eight gears, and it changes them very smoothly. What else would you like to know?',
    },
    {
      id: 'mileage-age',
      customer: 'What is the mileage and how old is it?',
      agent:
        'It is three years old. It has done twenty one thousand miles, nearly all of them on the motorway. Shall I send you the pictures?',
    },
    {
      id: 'send-details',
      customer: 'That sounds perfect so please send me everything by email.',
      agent:
        'I will send it today. You will have the pictures within the hour. Can I help with anything else?',
    },
    {
      id: 'kind-goodbye',
      customer: 'No you have been very kind so goodbye for now.',
      agent: 'It was a pleasure. Goodbye, and see you soon!',
      action: 'end_call',
    },
    {
      id: 'daughter-passed',
      customer: 'My daughter has just passed her driving exam.',
      agent: 'Congratulations to her! A first car is a great day. What would she like to drive?',
    },
    {
      id: 'cheap-insurance',
      customer: 'She needs something small that is cheap to insure.',
      agent:
        'I know just the one. We have a little red city car in the lowest insurance group. It parks almost anywhere.',
    },
    {
      id: 'warranty',
      customer: 'Is there a warranty in case something breaks down?',
      agent:
        'There is indeed. It covers the engine and the gearbox for three years. The tyres and the brakes are not included.',
    },
    {
      id: 'monthly-instalments',
      customer: 'Can we pay the money back in monthly instalments?',
      agent:
        'Certainly. Over four years it comes to one hundred and twenty pounds a month. There is nothing to pay today.',
    },
    {
      id: 'visit-thursday',
      customer: 'My husband and I will visit you next Thursday.',
      agent: 'We look forward to it. Ask for the sales desk when you arrive. Is that everything for today?',
    },
    {
      id: 'everything-goodbye',
      customer: 'That was everything I needed today so goodbye.',
      agent: 'Thank you for calling. Goodbye!',
      action: 'end_call',
    },
    {
      id: 'electric-model',
      customer: 'Tell me everything about your new electric model.',
      agent:
        'I would love to. The electric model drives two hundred and eighty miles on one charge, and it charges to eighty per cent in half an hour at a fast station. ' +
        'At home it takes about seven hours overnight, which costs less than a sandwich and a cup of coffee. ' +
        'Inside there are heated seats in the front and in the back, a glass roof that goes dark at the touch of a button, and a camera on every side of the car. ' +
        'The battery has a guarantee of eight years, and the first three services are free of charge.',
    },
    {
      id: 'only-colour',
      customer: 'Sorry to interrupt but which colours does it have?',
      agent: 'Four colours. It comes in white, black, deep green and copper. Which one do you like best?',
    },
    {
      id: 'opening-hours',
      customer: 'What are your opening hours during the holidays?',
      agent:
        'Let me tell you. From Monday to Friday we are open from eight in the morning until seven in the evening, and on Saturday from nine until six. ' +
        'On the day before a public holiday we close at three in the afternoon, and on the holiday itself the showroom stays shut. ' +
        'The workshop keeps its own hours, which are from seven until four on weekdays, and you can leave your keys in the box beside the gate at any time.',
    },
    {
      id: 'just-sunday',
      customer: 'Hang on I only want to know about Sunday.',
      agent: 'No problem. On Sunday we are open from ten until four. Shall I note a visit for you?',
    },
    {
      id: 'copper-please',
      customer: 'Copper would look lovely in front of our house.',
      agent:
        'It certainly would. We have a copper one in the showroom now. Come and see it whenever you like.',
    },
    {
      id: 'sell-motorbike',
      customer: 'I was thinking about selling my old motorbike.',
      agent: 'We do buy motorbikes. Can you tell me the make and the year?',
    },
    {
      id: 'ask-brother',
      customer: 'Actually my brother knows much more about that machine than anybody else here.',
      agent: 'That is fine. Your brother can call us at any time. Shall I give you our number?',
    },
    {
      id: 'broken-car',
      customer: 'The car you sold me makes a terrible noise.',
      agent: 'I am sorry to hear that. When does the noise start?',
    },
    {
      id: 'grinding-brakes',
      customer: 'It happens every time I step on the brakes.',
      agent: 'Then please drive it as little as you can. Our workshop should look at it at once.',
    },
    {
      id: 'look-mine-up',
      customer: 'Would you look up a vehicle by its number?',
      agent: 'Gladly. Please read me the number, one character after the other.',
    },
    {
      id: 'vin-accord',
      customer:
        'One hotel golf charlie mike eight two six double three alpha double zero four three five two.',
      agent: 'Thank you. I have written that down.',
    },
    {
      id: 'vin-tesla',
      customer:
        'Five yankee juliet sierra alpha one echo two seven hotel foxtrot triple zero double three seven.',
      agent: 'Thank you. I have written it down.',
    },
    {
      id: 'number-right',
      customer: 'Yes that is exactly what is printed here.',
      agent: 'Very good. Thank you for checking.',
    },
    {
      id: 'about-that-one',
      customer: 'What else is written down about that vehicle?',
      agent: 'I will have a look. One moment please.',
      action: 'read_vehicle',
      arguments: {},
    },
    {
      id: 'my-tesla',
      customer: 'Mine is a Tesla Roadster from twenty seventeen.',
      agent: 'A fine car. Thank you.',
    },
    {
      id: 'add-mine',
      customer: 'Everything is correct so add mine to your list.',
      agent: 'I will see to it. Anything else?',
    },
  ],
};
